from chassis import migrations
from gateway.tables import Base

migrations.run(Base.metadata)
