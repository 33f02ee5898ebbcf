import vue from "@vitejs/plugin-vue"
import { fileURLToPath } from "node:url"
import { defineConfig } from "vite"

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
// Where the API is while pages are being written; writing requests have to come from its own pages.
const target = process.env["KAOPING"] ?? "http://127.0.0.1:8000"
const api = { target, changeOrigin: true, headers: { origin: target } }

export default defineConfig({
  base: "/console/",
  plugins: [vue()],
  resolve: { alias: { "@": here("./src"), "kaoping-client": here("../clients/typescript/src/index.ts") } },
  define: { __VUE_OPTIONS_API__: false, __VUE_PROD_DEVTOOLS__: false },
  build: {
    // Into the gateway's package: an installation needs neither node nor this folder.
    outDir: "../gateway/src/gateway/console",
    emptyOutDir: true,
    target: "chrome103",
    assetsInlineLimit: 0, // the policy of the pages lets nothing be inline
    license: { fileName: "licences.md" },
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "vue", test: /node_modules[\\/](@?vue|vue-router)/ },
            { name: "charts", test: /node_modules[\\/](echarts|zrender)/ },
            { name: "api", test: /clients[\\/]typescript/ },
          ],
        },
      },
    },
  },
  server: { proxy: { "/api": api, "/oauth": api } },
})
