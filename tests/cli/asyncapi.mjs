// Parse the documents in the arguments, and validate deliveries with parcels.json.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";
import Ajv from "ajv";
import addFormats from "ajv-formats";

const parser = new Parser();

async function parsed(name) {
  const { document, diagnostics } = await parser.parse(readFileSync(name, "utf8"));
  const errors = diagnostics.filter((each) => each.severity === 0);
  return { document, errors: errors.map((each) => `${each.path.join("/")}: ${each.message}`) };
}

for (const name of process.argv.slice(2)) {
  const { document, errors } = await parsed(name);
  assert.deepEqual(errors, [], name);
  console.log(`${name}: ${document.messages().length} messages are valid`);
}
assert.notDeepEqual((await parsed("wrong.json")).errors, []);

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ ...JSON.parse(readFileSync("parcels.json", "utf8")), $id: "parcels" });
const validate = ajv.compile({
  $ref: "parcels#/components/messages/parcels.parcel_sent/payload",
});
const [valid, wrong] = JSON.parse(readFileSync("deliveries.json", "utf8"));
assert.ok(validate(valid), ajv.errorsText(validate.errors));
assert.ok(!validate(wrong));
console.log("a delivery is valid, and a wrong one is not");
