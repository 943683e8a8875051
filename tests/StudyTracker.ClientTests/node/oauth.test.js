// @slack/oauth installs the app by the Sandbox's oauth.v2.access.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import oauth from "@slack/oauth";
import { WebClient } from "@slack/web-api";
import { sandboxUrl, team, withFaults } from "./support.js";

const { InstallProvider, LogLevel, MemoryInstallationStore } = oauth;

const scopes = ["chat:write", "im:write", "im:history", "users:read"];

/** Installs the app as a browser does: to Slack with a state and a cookie, and back with a code. */
async function install(code) {
  const store = new MemoryInstallationStore();
  const provider = new InstallProvider({
    clientId: "1.2",
    clientSecret: "not-a-real-secret",
    stateSecret: "not-a-real-state-secret",
    installationStore: store,
    clientOptions: { slackApiUrl: `${sandboxUrl}/api/` },
    directInstall: true,
    logLevel: LogLevel.ERROR,
  });
  let installation, failure;
  const server = createServer((request, response) => request.url.startsWith("/install")
    ? provider.handleInstallPath(request, response, {}, { scopes })
    : provider.handleCallback(request, response, {
      success: (done, _, __, answer) => { installation = done; answer.end("installed"); },
      failure: (error, _, __, answer) => { failure = error; answer.statusCode = 500; answer.end(error.message); },
    }));
  await new Promise(resolve => server.listen(0, "127.0.0.1", resolve));
  try {
    const home = `http://127.0.0.1:${server.address().port}`;
    const begun = await fetch(`${home}/install`, { redirect: "manual" });
    const authorize = new URL(begun.headers.get("location"));
    assert.equal(authorize.pathname, "/oauth/v2/authorize");
    assert.equal(authorize.searchParams.get("scope"), scopes.join(","));
    const cookie = begun.headers.getSetCookie().map(one => one.split(";")[0]).join("; ");
    await fetch(`${home}/callback?code=${code}&state=${encodeURIComponent(authorize.searchParams.get("state"))}`, { headers: { Cookie: cookie } });
    return { provider, installation, failure };
  } finally {
    server.close();
  }
}

const clientOf = accessToken => new WebClient(accessToken, { slackApiUrl: `${sandboxUrl}/api/`, logLevel: LogLevel.ERROR });

test("a workspace installs the app, and its token works", async () => {
  const { provider, installation, failure } = await install(`code-${team}`);
  assert.equal(failure, undefined);
  assert.equal(installation.team.id, team);
  assert.equal(installation.isEnterpriseInstall, false);
  assert.match(installation.user.id, /^U/);
  const { botToken, botUserId } = await provider.authorize({ teamId: team, isEnterpriseInstall: false });
  const identity = await clientOf(botToken).auth.test();
  assert.equal(identity.team_id, team);
  assert.equal(identity.user_id, botUserId);
});

test("an organisation installs the app for all its workspaces", async () => {
  await withFaults({ orgWideInstall: true }, async () => {
    const { provider, installation, failure } = await install(`code-${team}`);
    assert.equal(failure, undefined);
    assert.equal(installation.isEnterpriseInstall, true);
    assert.match(installation.enterprise.id, /^E/);
    const { botToken } = await provider.authorize({ enterpriseId: installation.enterprise.id, teamId: undefined, isEnterpriseInstall: true });
    assert.equal((await clientOf(botToken).auth.test()).is_enterprise_install, true);
  });
});

test("tokens that expire are exchanged for new ones", async () => {
  await withFaults({ tokenLifetimeSeconds: 600 }, async () => {
    const { provider, installation, failure } = await install(`code-${team}`);
    assert.equal(failure, undefined);
    assert.match(installation.bot.refreshToken, /^xoxe-/);
    assert.ok(installation.bot.expiresAt > Date.now() / 1000);
    const { token } = installation.bot;
    // Less than two hours are left, so the library refreshes at once, and changes the installation.
    const { botToken } = await provider.authorize({ teamId: team, isEnterpriseInstall: false });
    assert.notEqual(botToken, token);
    assert.equal((await clientOf(botToken).auth.test()).team_id, team);
  });
});

test("a wrong code is a failure with Slack's word", async () => {
  const { installation, failure } = await install("made-up");
  assert.equal(installation, undefined);
  assert.match(failure.message, /invalid_code/);
});

test("somebody else's state is refused", async () => {
  const provider = new InstallProvider({ clientId: "1.2", clientSecret: "x", stateSecret: "y", clientOptions: { slackApiUrl: `${sandboxUrl}/api/` }, logLevel: LogLevel.ERROR });
  await assert.rejects(provider.stateStore.verifyStateParam(new Date(), "made-up"), error => error instanceof Error);
});
