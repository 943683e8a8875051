// The openai package against the Sandbox's responses.
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";
import { sandboxUrl } from "./support.js";

const model = "sandbox-extractive";
const openai = new OpenAI({ baseURL: `${sandboxUrl}/v1`, apiKey: "sandbox", maxRetries: 0 });
const input = "Studied consensus today.\nRead the Raft paper.";

test("a response of a text has its output and what it cost", async () => {
  const response = await openai.responses.create({ model, input, instructions: "Be brief.", metadata: { run: "1" } });
  assert.equal(response.object, "response");
  assert.equal(response.status, "completed");
  assert.ok(response.output_text.includes("Read the Raft paper."));
  assert.equal(response.output[0].type, "message");
  assert.equal(response.usage.total_tokens, response.usage.input_tokens + response.usage.output_tokens);
  assert.deepEqual(response.metadata, { run: "1" });
});

test("the output can be sent back as input", async () => {
  const first = await openai.responses.create({ model, input: [{ role: "user", content: [{ type: "input_text", text: input }] }] });
  const second = await openai.responses.create({ model, input: [{ role: "user", content: input }, ...first.output, { role: "user", content: "And lifetimes in Rust." }] });
  assert.ok(second.output_text.includes("And lifetimes in Rust."));
});

test("structured outputs parse with zod", async () => {
  const Card = z.object({ question: z.string(), difficulty: z.enum(["low", "high"]), hints: z.array(z.string()) });
  const response = await openai.responses.parse({ model, input, text: { format: zodTextFormat(Card, "card") } });
  assert.equal(response.output_parsed.difficulty, "low");
});

test("the events of a stream are typed, numbered and add up", async () => {
  let text = "", last = -1, completed;
  for await (const event of await openai.responses.create({ model, input, stream: true })) {
    assert.equal(event.sequence_number, ++last);
    if (event.type === "response.output_text.delta") text += event.delta;
    if (event.type === "response.completed") completed = event.response;
  }
  assert.equal(completed.output[0].content[0].text, text);

  const stream = openai.responses.stream({ model, input });
  assert.equal((await stream.finalResponse()).output_text, text);
});

test("a limit leaves the response incomplete", async () => {
  const response = await openai.responses.create({ model, input, max_output_tokens: 16 });
  assert.equal(response.status, "incomplete");
  assert.deepEqual(response.incomplete_details, { reason: "max_output_tokens" });
  const reasoning = await openai.responses.create({ model: "sandbox-reasoning", input, max_output_tokens: 64, reasoning: { effort: "high" } });
  assert.equal(reasoning.output.some(item => item.type === "message"), false);
  assert.equal(reasoning.usage.output_tokens_details.reasoning_tokens, 64);
});

test("errors are typed and name the parameter", async () => {
  for (const [param, code, change] of [
    ["model", "model_not_found", { model: "gpt-9" }],
    ["messages", "unknown_parameter", { messages: [] }],
    ["max_output_tokens", "integer_below_min_value", { max_output_tokens: 2 }],
    ["previous_response_id", "previous_response_not_found", { previous_response_id: "resp_1" }],
    ["text.format.schema", "invalid_json_schema", { text: { format: { type: "json_schema", name: "a", strict: true, schema: { type: "object", properties: {} } } } }],
  ]) {
    await assert.rejects(openai.responses.create({ model, input, ...change }), error => {
      assert.ok(error instanceof OpenAI.BadRequestError, error.message);
      assert.equal(error.param, param);
      assert.equal(error.code, code);
      return true;
    });
  }
});
