// What the tests share: where the servers are, as the suite that starts them says, and the Sandbox's own interface.
import { createHmac } from "node:crypto";

function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: these tests are run by StudyTracker.ClientTests.`);
  return value;
}

/** The Sandbox that sends its events to Ingress. */
export const sandboxUrl = required("SANDBOX_URL");
export const ingressUrl = required("INGRESS_URL");
export const signingSecret = required("SIGNING_SECRET");

/** Another Sandbox, which sends its events to a port where a test may listen. */
export const eventsSandboxUrl = required("EVENTS_SANDBOX_URL");
export const eventsPort = Number(required("EVENTS_PORT"));

export const team = "T0SEOUL0001";
export const user = "U0SEOULJIWO";
export const channel = "C0SEOULLOG1";
export const token = `xoxb-sandbox-${team}`;

/** Calls the Sandbox's own interface; what is wrong is thrown. */
export async function sandbox(method, path, body, base = sandboxUrl) {
  const answer = await fetch(base + path, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}

/** Runs something while certain things go wrong. */
export async function withFaults(settings, action, base = sandboxUrl) {
  await sandbox("PUT", "/sandbox/settings", settings, base);
  try {
    return await action();
  } finally {
    await sandbox("DELETE", "/sandbox/settings", undefined, base);
  }
}

/** The headers with which Slack signs a body, by its documentation. */
export function signed(body, timestamp = Math.floor(Date.now() / 1000), secret = signingSecret) {
  const signature = createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex");
  return { "X-Slack-Request-Timestamp": String(timestamp), "X-Slack-Signature": `v0=${signature}` };
}

/** Waits until something is there, at most ten seconds. */
export async function eventually(look) {
  for (const end = Date.now() + 10_000; ;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`It did not come: ${look}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
