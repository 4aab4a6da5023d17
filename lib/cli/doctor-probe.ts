/** Starts the engine and multiplies two matrices, in a process that a broken library may crash. Prints one line of JSON. */
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../engine/index.js";

const info = await startEngine();
const product = tf.tidy(() => tf.matMul(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[5], [6]])));
const values = await product.data();
product.dispose();
const works = values[0] === 17 && values[1] === 39;
console.log(JSON.stringify({ ...info, works }));
