// Work is done in pieces: a browser that is held up neither draws nor takes in what is typed.

/** Let the browser draw, and answer whoever types, before more is done. */
export const pause = (): Promise<void> => new Promise((go) => setTimeout(go))

/** Let the browser draw what there is by now; what asks where something stands then finds it laid out already. */
export const drawn = (): Promise<void> => new Promise((go) => requestAnimationFrame(() => setTimeout(go)))
