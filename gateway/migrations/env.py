import gateway.messages.tables  # noqa: F401 - its tables are among them
from chassis import migrations
from gateway.webhooks.tables import Base

migrations.run(Base.metadata)
