// The way to the library: a worker of this page, in which it runs. Where a JVM answers, another file has this name, and no other differs.

/** What becomes of the models that a visitor trains. */
export const keeping = "This browser keeps the last 16 models that were trained or loaded here.";

const NO_WASM = "The library cannot run in this browser: it has no WebAssembly with garbage collection. Chrome and Edge have it from version 119 on, Firefox from 120 and Safari from 18.2.";
const STRUCT = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 95, 1, 120, 0]); // a module with a type that is a structure
const KEPT = 16;

// ---- the worker

let library; // a promise of the worker, once something was asked
const asked = new Map(); // what hears the answers, by the number of the question
let count = 0;

/** Once there is time: the first answer comes before it. */
let keepFolder = () => {
  keepFolder = () => {};
  navigator.serviceWorker?.register("offline.js").catch(() => {}); // a server without https has no such thing
};

function start() {
  return new Promise((resolve, reject) => {
    const fail = (message) => {
      document.querySelector("main")?.prepend(Object.assign(document.createElement("p"), { className: "problem", role: "alert", textContent: message }));
      reject(new Error(message));
    };
    if (!WebAssembly.validate(STRUCT)) {
      fail(NO_WASM);
      return;
    }
    const worker = new Worker("worker.js");
    worker.onerror = () => fail("The library could not be started; the browser's console says why.");
    worker.onmessage = ({ data }) => {
      if (data.ready) {
        resolve(worker);
      } else if (data.failed) {
        fail("The library could not be started: " + data.failed);
      } else {
        asked.get(data.id)?.(data);
      }
    };
  });
}

/** Asks, and hands over each message of the answer; the last has no event. */
async function send(question, parameters, onMessage) {
  library ??= start();
  const worker = await library;
  const id = ++count;
  asked.set(id, (message) => {
    if (!("event" in message)) {
      asked.delete(id);
      keepFolder();
    }
    onMessage(message);
  });
  const file = parameters instanceof Blob ? new Int8Array(await parameters.arrayBuffer()) : null;
  worker.postMessage({ id, name: question, json: file ? "" : JSON.stringify(parameters), file });
  return () => worker.postMessage({ id, name: "", json: "", file: null });
}

/** Sends a question with its parameters, or with a Blob; resolves to a Response, and throws an Error with the message of a refusal. */
export async function post(question, parameters, signal) {
  signal?.throwIfAborted();
  return question.startsWith("own/") ? own(question, parameters, signal) : request(question, parameters, signal);
}

function request(question, parameters, signal) {
  return new Promise((resolve, reject) => {
    const text = new TextEncoder();
    let events; // of a stream
    const open = () => {
      if (!events) {
        resolve(new Response(new ReadableStream({ start: (controller) => (events = controller) })));
      }
    };
    const stopping = send(question, parameters, (message) => {
      if (signal?.aborted) {
        return;
      }
      if ("event" in message) {
        open();
        events.enqueue(text.encode(`data: ${message.event}\n\n`));
      } else if ("answer" in message) {
        resolve(new Response(message.answer));
      } else if (message.error) {
        const error = new Error(message.error);
        events ? events.error(error) : reject(error);
      } else {
        open();
        events.close();
      }
    });
    stopping.catch(reject);
    signal?.addEventListener("abort", async () => {
      events ? events.error(signal.reason) : reject(signal.reason);
      (await stopping)();
    });
  });
}

// ---- the visitor's models, which the worker forgets when the page is left

const names = new Map(); // of a model here and in the worker

function store(mode, work) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("microgpt", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("models", { keyPath: "id" }).createIndex("time", "time");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction("models", mode);
      const asking = work(transaction.objectStore("models"));
      transaction.oncomplete = () => {
        opening.result.close();
        resolve(asking.result);
      };
      transaction.onabort = () => reject(transaction.error);
    };
  });
}

async function keep(id) {
  names.set(id, id);
  const file = await (await request("own/file", { id })).blob();
  await store("readwrite", (models) => models.put({ id, file, time: Date.now() }));
  const all = await store("readonly", (models) => models.index("time").getAllKeys());
  for (const old of all.slice(0, -KEPT)) {
    await store("readwrite", (models) => models.delete(old));
  }
}

async function bring(id) {
  const kept = await store("readonly", (models) => models.get(id));
  if (!kept) {
    throw new Error("This browser does not keep the model any longer; train it again.");
  }
  names.set(id, (await (await request("own/load", kept.file)).json()).id);
}

async function own(question, parameters, signal) {
  if (question === "own/train") {
    const response = await request(question, parameters, signal);
    return new Response(response.body.pipeThrough(keeper()));
  }
  if (question === "own/load") {
    const response = await request(question, parameters, signal);
    await keep((await response.clone().json()).id);
    return response;
  }
  if (parameters.id && question !== "own/stop") {
    if (!names.has(parameters.id)) {
      await bring(parameters.id);
    }
    return request(question, { ...parameters, id: names.get(parameters.id) }, signal);
  }
  return request(question, parameters, signal);
}

/** Keeps the model of a training before its last event goes on. */
function keeper() {
  let id;
  return new TransformStream({
    async transform(chunk, controller) {
      const event = JSON.parse(new TextDecoder().decode(chunk).slice("data: ".length));
      id = event.begin?.id ?? id;
      if (event.end) {
        await keep(id);
      }
      controller.enqueue(chunk);
    },
  });
}
