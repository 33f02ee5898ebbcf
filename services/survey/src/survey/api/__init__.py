"""What others can ask of this service; what they send was said by people at home."""

from chassis.wire import refuse_landlines

refuse_landlines(__name__)
