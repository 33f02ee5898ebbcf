export { etagOf, NoAnswer, Problem, type Fault, type Identity, type Options, type Rows, type Settings } from "./calls.js";
export { Operations as Client } from "./operations.js";
export type * from "./operations.js";
