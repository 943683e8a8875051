// @slack/web-api against the Sandbox's Web API.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ErrorCode, LogLevel, WebClient } from "@slack/web-api";
import { channel, sandbox, sandboxUrl, team, token, user, withFaults } from "./support.js";

const options = { slackApiUrl: `${sandboxUrl}/api/`, logLevel: LogLevel.ERROR };
const quick = { retries: 3, factor: 1, minTimeout: 10, maxTimeout: 20 };
const slack = new WebClient(token, options);

test("auth.test tells whose token it is", async () => {
  const identity = await slack.auth.test();
  assert.equal(identity.ok, true);
  assert.equal(identity.team_id, team);
  assert.match(identity.user_id, /^U/);
  assert.match(identity.url, /^https?:\/\//);
});

test("a message can be posted, found again, changed and deleted", async () => {
  const posted = await slack.chat.postMessage({
    channel: user,
    text: "Vec<u8> &amp; more",
    blocks: [{ type: "section", text: { type: "mrkdwn", text: "*Vec*" } }],
    metadata: { event_type: "study_summary", event_payload: { summary_id: "web-api" } },
  });
  assert.match(posted.channel, /^D/);
  assert.match(posted.ts, /^\d+\.\d{6}$/);
  assert.equal(posted.message.bot_id.startsWith("B"), true);

  const history = await slack.conversations.history({ channel: posted.channel, include_all_metadata: true, limit: 50 });
  const found = history.messages.find(message => message.ts === posted.ts);
  assert.equal(found.metadata.event_payload.summary_id, "web-api");
  assert.equal(found.blocks[0].type, "section");

  const updated = await slack.chat.update({ channel: posted.channel, ts: posted.ts, text: "new", blocks: [] });
  assert.equal(updated.ts, posted.ts);
  assert.equal((await slack.chat.delete({ channel: posted.channel, ts: posted.ts })).ok, true);
});

test("users.info has the time zone and the locale", async () => {
  const { user: profile } = await slack.users.info({ user, include_locale: true });
  assert.equal(profile.id, user);
  assert.equal(profile.tz, "Asia/Seoul");
  assert.equal(profile.tz_offset, 32_400);
  assert.match(profile.locale, /^[a-z]{2}-[A-Z]{2}$/);
});

test("an error of Slack is a platform error with Slack's word", async () => {
  for (const [call, word] of [
    [() => slack.chat.postMessage({ channel: "C0NOWHERE01", text: "x" }), "channel_not_found"],
    [() => slack.chat.postMessage({ channel, text: "" }), "no_text"],
    [() => slack.users.info({ user: "U0NOWHERE01!" }), "user_not_found"],
    [() => slack.chat.update({ channel, ts: "1.000001", text: "x" }), "message_not_found"],
    [() => slack.apiCall("no.such.method"), "unknown_method"],
    [() => new WebClient("xoxb-nobody", options).auth.test(), "invalid_auth"],
    [() => new WebClient(undefined, options).auth.test(), "not_authed"],
  ]) {
    await assert.rejects(call, error => {
      assert.equal(error.code, ErrorCode.PlatformError);
      assert.equal(error.data.ok, false);
      assert.equal(error.data.error, word);
      return true;
    });
  }
});

test("blocks that Slack would refuse are refused with the reasons", async () => {
  await assert.rejects(
    slack.chat.postMessage({ channel, text: "x", blocks: [{ type: "section", text: { type: "mrkdwn", text: "a".repeat(3_001) } }] }),
    error => error.data.error === "invalid_blocks" && error.data.response_metadata.messages.length > 0);
});

test("users.list is read page by page", async () => {
  const all = new Set();
  let pages = 0;
  for await (const page of slack.paginate("users.list", { limit: 2 })) {
    pages++;
    assert.ok(page.members.length <= 2);
    page.members.forEach(member => all.add(member.id));
  }
  assert.ok(pages > 1, `${pages} page`);
  assert.ok(all.has(user));
});

test("conversations.history is read page by page, newest first", async () => {
  const events = Array.from({ length: 5 }, (_, index) => ({ teamId: team, userId: user, channelId: "C0SEOULALG1", text: `page ${index}`, times: 1 }));
  await sandbox("POST", "/sandbox/events/batch?wait=true", events);
  const texts = [];
  for await (const page of slack.paginate("conversations.history", { channel: "C0SEOULALG1", limit: 2 })) texts.push(...page.messages.map(message => message.text));
  const own = texts.filter(text => text.startsWith("page "));
  assert.deepEqual(own.slice(0, 5), ["page 4", "page 3", "page 2", "page 1", "page 0"]);
});

test("the client's own queue waits out Slack's 429, and every message arrives once", async () => {
  const limited = new WebClient(token, { ...options, retryConfig: quick });
  const sent = await Promise.all(Array.from({ length: 5 }, (_, index) => limited.chat.postMessage({ channel: "C0SEOULNET1", text: `burst ${index}` })));
  assert.equal(new Set(sent.map(one => one.ts)).size, 5);
  const counts = await sandbox("GET", "/sandbox/ledger");
  assert.ok(counts.posts.rateLimited > 0, "nothing was limited");
});

test("a 429 can be had as an error that says how long to wait", async () => {
  await withFaults({ slack: { rateLimited: 1 } }, () => assert.rejects(
    new WebClient(token, { ...options, rejectRateLimitedCalls: true }).auth.test(),
    error => error.code === ErrorCode.RateLimitedError && error.retryAfter >= 1));
});

test("a 500 is tried again, and then is an HTTP error", async () => {
  await withFaults({ slack: { serverError: 1 } }, () => assert.rejects(
    new WebClient(token, { ...options, retryConfig: quick }).auth.test(),
    error => error.code === ErrorCode.RequestError || error.code === ErrorCode.HTTPError));
  const before = (await sandbox("GET", "/sandbox/ledger")).methods["auth.test"].failed;
  assert.ok(before >= quick.retries + 1, `${before} calls failed`);
  await withFaults({ slack: { serverError: 0.5 }, seed: 3 }, async () => {
    for (let call = 0; call < 4; call++) assert.equal((await new WebClient(token, { ...options, retryConfig: { ...quick, retries: 9 } }).auth.test()).ok, true);
  });
});

test("a home view can be published, and not over a newer one", async () => {
  const view = { type: "home", blocks: [{ type: "section", text: { type: "plain_text", text: "Hello" } }] };
  const published = await slack.views.publish({ user_id: user, view });
  assert.equal(published.view.type, "home");
  await assert.rejects(slack.views.publish({ user_id: user, view, hash: "0.none" }), error => error.data.error === "hash_conflict");
});
