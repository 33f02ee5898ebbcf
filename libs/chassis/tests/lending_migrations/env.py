from sqlalchemy import MetaData

from chassis import migrations

migrations.run(MetaData())
