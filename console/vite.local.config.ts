import base from "./vite.config.ts"
export default { ...base, cacheDir: "/tmp/con-source-vite-cache" }
