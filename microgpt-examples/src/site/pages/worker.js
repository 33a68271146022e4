// The library, compiled to WebAssembly, in a thread of its own: InPage.java answers the page's messages.
importScripts("runtime.js");

const { load } = TeaVM.wasmGC;
const FILE = "microgpt.wasm";

load(FILE)
  .catch(async () => load(await (await fetch(FILE)).arrayBuffer())) // from a server that does not know the type of the file
  .then(({ exports }) => exports.main([]))
  .catch((error) => postMessage({ failed: String(error) }));
