from chassis import migrations
from gateway.webhooks.tables import Base

migrations.run(Base.metadata)
