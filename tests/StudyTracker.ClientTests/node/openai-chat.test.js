// The openai package against the Sandbox's chat completions and models.
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
import { sandboxUrl, withFaults } from "./support.js";

const model = "sandbox-extractive";
const openai = new OpenAI({ baseURL: `${sandboxUrl}/v1`, apiKey: "sandbox", maxRetries: 0 });
const messages = [{ role: "system", content: "Summarise." }, { role: "user", content: "Studied `Vec<u8>` & ownership 👨‍👩‍👧 today.\nThen lifetimes." }];

test("a completion has the documented members", async () => {
  const { data: completion, response } = await openai.chat.completions.create({ model, messages, n: 2 }).withResponse();
  assert.equal(completion.object, "chat.completion");
  assert.equal(completion.choices.length, 2);
  const [{ message, finish_reason, logprobs }] = completion.choices;
  assert.equal(message.role, "assistant");
  assert.ok(message.content.includes("`Vec<u8>` & ownership 👨‍👩‍👧"), message.content);
  assert.equal(message.refusal, null);
  assert.equal(logprobs, null);
  assert.equal(finish_reason, "stop");
  assert.equal(completion.usage.total_tokens, completion.usage.prompt_tokens + completion.usage.completion_tokens);
  assert.equal(completion.usage.completion_tokens_details.reasoning_tokens, 0);
  assert.equal(completion._request_id, response.headers.get("x-request-id"));
  assert.ok(response.headers.has("x-ratelimit-remaining-requests"));
});

test("errors are typed", async () => {
  const cases = [
    [OpenAI.AuthenticationError, "invalid_api_key", () => new OpenAI({ baseURL: openai.baseURL, apiKey: "sk-wrong", maxRetries: 0 }).models.list()],
    [OpenAI.NotFoundError, "model_not_found", () => openai.chat.completions.create({ model: "gpt-9", messages })],
    [OpenAI.NotFoundError, "model_not_found", () => openai.models.retrieve("gpt-9")],
    [OpenAI.NotFoundError, null, () => openai.embeddings.create({ model, input: "a" })],
    [OpenAI.BadRequestError, null, () => openai.chat.completions.create({ model, messages, top_k: 3 })],
    [OpenAI.BadRequestError, "empty_array", () => openai.chat.completions.create({ model, messages: [] })],
    [OpenAI.BadRequestError, "decimal_above_max_value", () => openai.chat.completions.create({ model, messages, temperature: 3 })],
    [OpenAI.BadRequestError, "invalid_parameter_combination", () => openai.chat.completions.create({ model, messages, max_tokens: 5, max_completion_tokens: 5 })],
  ];
  for (const [type, code, call] of cases) {
    await assert.rejects(call, error => {
      assert.ok(error instanceof type, `${error.constructor.name}: ${error.message}`);
      assert.equal(error.code ?? null, code);
      assert.ok(error.message.length > 4);
      return true;
    });
  }
  const unprocessable = { model: { newLimitUnprocessable: 1 } };
  await withFaults(unprocessable, () => assert.rejects(openai.chat.completions.create({ model, messages, max_completion_tokens: 50 }), OpenAI.UnprocessableEntityError));
  await withFaults({ model: { rateLimited: 1 } }, () => assert.rejects(openai.chat.completions.create({ model, messages }), OpenAI.RateLimitError));
  await withFaults({ model: { serverError: 1 } }, () => assert.rejects(openai.chat.completions.create({ model, messages }), OpenAI.InternalServerError));
  await withFaults({ model: { hang: 1 }, hangMs: 2_000 }, () =>
    assert.rejects(openai.chat.completions.create({ model, messages }, { timeout: 200 }), OpenAI.APIConnectionTimeoutError));
  await withFaults({ model: { brokenOff: 1 } }, () => assert.rejects(openai.chat.completions.create({ model, messages })));
});

test("the package's own retries get through what passes", async () => {
  const patient = openai.withOptions({ maxRetries: 6 });
  await withFaults({ model: { serverError: 0.4, brokenOff: 0 }, seed: 5 }, async () => {
    for (let call = 0; call < 3; call++) assert.equal((await patient.chat.completions.create({ model, messages })).choices.length, 1);
  });
  // Slack's and OpenAI's way alike: whoever waits as told gets through.
  await withFaults({ model: { rateLimited: 0.5 }, seed: 2 }, async () => assert.ok(await patient.chat.completions.create({ model, messages })));
});

test("a stream can be iterated, and adds up to the completion", async () => {
  const whole = (await openai.chat.completions.create({ model, messages })).choices[0].message.content;
  let text = "", usage, finish;
  for await (const chunk of await openai.chat.completions.create({ model, messages, stream: true, stream_options: { include_usage: true } })) {
    text += chunk.choices[0]?.delta.content ?? "";
    finish = chunk.choices[0]?.finish_reason ?? finish;
    usage = chunk.usage ?? usage;
  }
  assert.equal(text, whole);
  assert.equal(finish, "stop");
  assert.ok(usage.completion_tokens > 0);

  const runner = openai.chat.completions.stream({ model, messages });
  assert.equal((await runner.finalChatCompletion()).choices[0].message.content, whole);
});

const Level = z.enum(["easy", "hard"]);
const Node = z.object({ name: z.string(), get children() { return z.array(Node); } });
const Everything = z.object({
  title: z.string(),
  level: Level,
  count: z.number().int().min(2).max(9),
  share: z.number().nullable(),
  tags: z.array(z.string()).min(1),
  choice: z.union([z.object({ kind: z.literal("a"), a: z.string() }), z.object({ kind: z.literal("b"), b: z.boolean() })]),
  tree: Node,
  day: z.iso.date(),
});

test("structured outputs of any schema parse with zod", async () => {
  const parsed = await openai.chat.completions.parse({ model, messages, response_format: zodResponseFormat(Everything, "everything") });
  const value = parsed.choices[0].message.parsed;
  assert.equal(value.level, "easy");
  assert.ok(value.count >= 2 && value.count <= 9);
  assert.ok(Array.isArray(value.tree.children));
});

test("structured outputs of the product's schema are its summary", async () => {
  const Summary = z.object({ sentences: z.array(z.object({ text: z.string(), sources: z.array(z.string()) })), feedback: z.string(), nextSteps: z.array(z.string()) });
  const prompt = JSON.stringify({ language: "en", kind: "daily", messages: [{ id: "m1", text: "Studied consensus." }, { id: "m2", text: "Read the Raft paper." }], leftOut: 0 });
  const { choices: [{ message: { parsed } }] } = await openai.chat.completions.parse({ model, messages: [{ role: "user", content: prompt }], response_format: zodResponseFormat(Summary, "study_summary") });
  assert.ok(parsed.sentences.every(sentence => sentence.sources.every(source => ["m1", "m2"].includes(source))));
  assert.ok(parsed.sentences.some(sentence => sentence.text === "Read the Raft paper."));
});

test("a schema that is not strict is refused with its place", async () => {
  const schema = { type: "object", properties: { a: { type: "string" } }, required: [], additionalProperties: false };
  await assert.rejects(
    openai.chat.completions.create({ model, messages, response_format: { type: "json_schema", json_schema: { name: "loose", strict: true, schema } } }),
    error => error instanceof OpenAI.BadRequestError && error.param === "response_format"
      && error.message.includes("Invalid schema for response_format 'loose': In context=(), 'required' is required to be supplied"));
});

test("an answer that was cut off or refused is told apart by parse", async () => {
  const response_format = zodResponseFormat(Everything, "everything");
  await withFaults({ model: { truncated: 1 } }, () => assert.rejects(openai.chat.completions.parse({ model, messages, response_format }), OpenAI.LengthFinishReasonError ?? Error));
  await withFaults({ model: { refusal: 1 } }, async () => {
    const { message } = (await openai.chat.completions.parse({ model, messages, response_format })).choices[0];
    assert.equal(message.parsed, null);
    assert.ok(message.refusal.length > 0);
  });
});

test("models can be listed and fetched", async () => {
  const names = [];
  for await (const one of openai.models.list()) names.push(one.id);
  assert.ok(names.includes(model));
  const { object, owned_by } = await openai.models.retrieve(model);
  assert.equal(object, "model");
  assert.equal(owned_by, "sandbox");
});
