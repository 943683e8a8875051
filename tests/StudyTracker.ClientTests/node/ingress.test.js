// Ingress, asked as Slack asks an app, with @slack/bolt as the judge of the signatures.
import assert from "node:assert/strict";
import { test } from "node:test";
import bolt from "@slack/bolt";
import { channel, ingressUrl, sandbox, signed, signingSecret, team, user } from "./support.js";

const post = (path, type, body, headers) =>
  fetch(ingressUrl + path, { method: "POST", headers: { "Content-Type": type, ...headers }, body });

const asBoltSees = (body, headers) => bolt.isValidSlackRequest({
  signingSecret,
  body,
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), name.endsWith("Timestamp") ? Number(value) : value])),
});

const event = JSON.stringify({
  type: "event_callback", team_id: team, api_app_id: "A0STUDYTRCK", event_id: "EvCLIENT0001", event_time: Math.floor(Date.now() / 1000),
  event: { type: "message", channel, channel_type: "channel", user, text: "Learned TCP &amp; UDP.", ts: `${Math.floor(Date.now() / 1000)}.000100`, event_ts: "1.000100" },
  authorizations: [{ enterprise_id: null, team_id: team, user_id: "U0BOT", is_bot: true, is_enterprise_install: false }],
});

test("Ingress takes what Bolt takes", async () => {
  const challenge = JSON.stringify({ type: "url_verification", token: "t", challenge: "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P" });
  for (const [path, type, body] of [
    ["/slack/events", "application/json", event],
    ["/slack/events", "application/json", challenge],
    ["/slack/commands", "application/x-www-form-urlencoded", new URLSearchParams({
      command: "/study", text: "status", team_id: team, user_id: user, channel_id: channel, response_url: "https://hooks.slack.com/commands/T/1/x", trigger_id: "1.2.x" }).toString()],
    ["/slack/interactions", "application/x-www-form-urlencoded", new URLSearchParams({
      payload: JSON.stringify({ type: "block_actions", team: { id: team }, user: { id: user, team_id: team }, api_app_id: "A1", actions: [{ type: "button", action_id: "pause_summaries", block_id: "b", value: "pause" }],
        response_url: "https://hooks.slack.com/actions/T/1/x", channel: { id: channel }, container: { type: "message" } }) }).toString()],
  ]) {
    const headers = signed(body);
    assert.equal(asBoltSees(body, headers), true);
    const answer = await post(path, type, body, headers);
    assert.equal(answer.status, 200, `${path}: ${await answer.clone().text()}`);
    if (body === challenge) assert.match(await answer.text(), /3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P/);
  }
});

test("Ingress refuses what Bolt refuses", async () => {
  const now = Math.floor(Date.now() / 1000);
  for (const [why, headers] of [
    ["another secret", signed(event, now, "another")],
    ["too old", signed(event, now - 6 * 60)],
    ["another body", signed(event + " ")],
    ["another version", { ...signed(event), "X-Slack-Signature": signed(event)["X-Slack-Signature"].replace("v0=", "v1=") }],
    ["half a signature", { ...signed(event), "X-Slack-Signature": signed(event)["X-Slack-Signature"].slice(0, 40) }],
  ]) {
    assert.equal(asBoltSees(event, headers), false, why);
    assert.equal((await post("/slack/events", "application/json", event, headers)).status, 401, why);
  }
  assert.equal((await post("/slack/events", "application/json", event, {})).status, 401, "no headers");
});

test("a retry of Slack's is taken like the first try", async () => {
  const headers = { ...signed(event), "X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout" };
  assert.equal((await post("/slack/events", "application/json", event, headers)).status, 200);
});

test("the Sandbox finds that Ingress repeats its challenge", async () => {
  assert.equal((await sandbox("POST", "/sandbox/url-verification")).verified, true);
});
