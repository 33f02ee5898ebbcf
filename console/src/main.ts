import { createApp } from "vue"
import App from "./App.vue"
import { prepare } from "./format"
import { pause } from "./pause"
import { router } from "./router"
import "./style.css"

// To run what was loaded, and to draw with it, are tasks of their own; the rest is done while it is asked who is there.
void pause().then(() => createApp(App).use(router).mount("#app")).then(prepare)
