// Beside each text its compressed form, so that nobody compresses it with each request.
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { constants, gzipSync } from "node:zlib"

const built = new URL("../gateway/src/gateway/console/", import.meta.url).pathname
for (const name of readdirSync(built, { recursive: true })) {
  if (!/\.(js|css|svg|html)$/.test(name)) continue
  const packed = gzipSync(readFileSync(join(built, name)), { level: constants.Z_BEST_COMPRESSION })
  writeFileSync(join(built, name + ".gz"), packed)
}
