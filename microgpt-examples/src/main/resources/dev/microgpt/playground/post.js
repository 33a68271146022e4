// The way to the library: a JVM that answers over HTTP. A site without one has another file of this name, and no other differs.

/** What becomes of the models that a visitor trains. */
export const keeping = "The playground keeps the last 16 models, each for an hour.";

/** Sends a question with its parameters, or with a Blob; resolves to a Response, and throws an Error with the message of a refusal. */
export async function post(question, parameters, signal) {
  const file = parameters instanceof Blob;
  let response;
  try {
    response = await fetch("api/" + question, {
      method: "POST",
      headers: { "Content-Type": file ? "application/octet-stream" : "application/json" },
      body: file ? parameters : JSON.stringify(parameters),
      signal,
    });
  } catch (e) {
    if (e.name === "AbortError") {
      throw e;
    }
    throw new Error("The playground does not answer. Is it still running?");
  }
  if (!response.ok) {
    throw new Error((await response.json()).error);
  }
  return response;
}
