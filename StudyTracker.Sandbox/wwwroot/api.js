/** Asks the sandbox; throws an Error with what it said when it refuses. */
async function ask(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  let answer = null;
  try {
    answer = text ? JSON.parse(text) : null;
  } catch {
    answer = null;
  }
  if (!response.ok) throw Object.assign(new Error(answer?.detail ?? answer?.title ?? `HTTP ${response.status}`), { status: response.status });
  return answer;
}

export const get = path => ask("GET", path);
export const post = (path, body) => ask("POST", path, body);
export const put = (path, body) => ask("PUT", path, body);
export const remove = path => ask("DELETE", path);
