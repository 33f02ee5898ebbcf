"""The settings of this service: those of every service, and no others."""

from chassis.settings import Settings as Settings
