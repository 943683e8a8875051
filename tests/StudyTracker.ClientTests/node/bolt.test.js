// @slack/bolt as the app to which a Sandbox sends its events, commands and clicks.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import bolt from "@slack/bolt";
import { channel, eventsPort, eventsSandboxUrl, eventually, sandbox, signingSecret, team, token, user } from "./support.js";

const seen = { messages: [], commands: [], actions: [], errors: [] };
const own = (method, path, body) => sandbox(method, path, body, eventsSandboxUrl);
let app;

before(async () => {
  app = new bolt.App({
    token,
    signingSecret,
    endpoints: ["/slack/events", "/slack/commands", "/slack/interactions"],
    clientOptions: { slackApiUrl: `${eventsSandboxUrl}/api/` },
    logLevel: bolt.LogLevel.ERROR,
  });
  app.message(async ({ message }) => { seen.messages.push(message); });
  app.event("message", async ({ body }) => { seen.envelope = body; });
  app.command("/study", async ({ command, ack, respond }) => {
    await ack();
    await respond({ response_type: "ephemeral", text: `You said ${command.text}` });
    seen.commands.push(command);
  });
  app.action("try_me", async ({ body, action, ack, respond, client }) => {
    await ack();
    await respond({ replace_original: false, text: "Pressed." });
    seen.actions.push({ body, action, identity: await client.auth.test() });
  });
  app.error(async error => { seen.errors.push(error); });
  await app.start({ port: eventsPort, host: "127.0.0.1" });
});

after(async () => {
  await app.stop();
});

test("Bolt verifies and understands the events that the Sandbox sends", async () => {
  const text = "Read <https://example.com> & `Vec<u8>`";
  const sent = await own("POST", "/sandbox/events?wait=true", { teamId: team, userId: user, channelId: channel, text });
  const message = await eventually(() => seen.messages.find(one => one.channel === channel));
  assert.equal(message.user, user);
  assert.match(message.ts, /^\d+\.\d{6}$/);
  assert.ok(message.text.includes("&amp;") && message.text.includes("Vec&lt;u8&gt;"), message.text);
  assert.equal(seen.envelope.type, "event_callback");
  assert.equal(seen.envelope.team_id, team);
  assert.ok(Array.isArray(seen.envelope.authorizations));
  assert.ok(sent, "the Sandbox says nothing of the event");
  assert.deepEqual(seen.errors, []);
});

test("Bolt answers the Sandbox's check of its address", async () => {
  assert.equal((await own("POST", "/sandbox/url-verification")).verified, true);
});

test("Bolt gets slash commands, and its answer arrives", async () => {
  await own("POST", "/sandbox/commands", { teamId: team, userId: user, channelId: channel, text: "/study status please" });
  const command = await eventually(() => seen.commands[0]);
  assert.equal(command.command, "/study");
  assert.equal(command.text, "status please");
  assert.equal(command.user_id, user);
  assert.equal(command.channel_id, channel);
  assert.match(command.trigger_id, /\./);
  assert.deepEqual(seen.errors, []);
});

test("Bolt gets clicks on its buttons, and its answer arrives", async () => {
  const posted = await app.client.chat.postMessage({
    channel: user,
    text: "Press it",
    blocks: [{ type: "actions", block_id: "buttons", elements: [{ type: "button", action_id: "try_me", value: "7", text: { type: "plain_text", text: "Try me" } }] }],
  });
  const pressed = await own("POST", "/sandbox/interactions", { teamId: team, userId: user, ts: posted.ts, actionId: "try_me" });
  assert.equal(pressed.status, 200);
  const { body, action, identity } = await eventually(() => seen.actions[0]);
  assert.equal(action.value, "7");
  assert.equal(body.user.id, user);
  assert.equal(body.team.id, team);
  assert.equal(body.message.ts, posted.ts);
  assert.equal(identity.team_id, team);
  assert.deepEqual(seen.errors, []);
});
