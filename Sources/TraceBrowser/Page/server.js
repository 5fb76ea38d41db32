// What the page asks its server. Addresses are relative, so the token stays in the address of the page.

export class ServerError extends Error {}

async function read(response) {
  let value;
  try {
    value = await response.json();
  } catch {
    throw new ServerError(`the server answered ${response.status} without words`);
  }
  if (!response.ok) throw new ServerError(value.error ?? `the server answered ${response.status}`);
  return value;
}

/** Asks for an object; parameters that are `null` are left out. */
export async function ask(path, parameters = {}, signal) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== "") query.set(key, value);
  }
  const text = query.toString();
  let response;
  try {
    response = await fetch("api/" + path + (text ? "?" + text : ""), { signal, credentials: "omit", cache: "no-store" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ServerError("tapedeck ui does not answer any more; is it still running?");
  }
  return read(response);
}

export async function post(path, parameters) {
  const query = new URLSearchParams(parameters).toString();
  const response = await fetch("api/" + path + "?" + query, {
    method: "POST", credentials: "omit", cache: "no-store", headers: { "Content-Type": "application/json" }, body: "{}",
  });
  return read(response);
}
