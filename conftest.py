"""Names that a folder of the workspace and a package share belong to the package."""

import gateway as gateway
