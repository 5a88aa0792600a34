/**
 * Fills in a questionnaire with the engine of ODK Web Forms, and sends what comes of it.
 *
 * One JSON object comes in on stdin: {"server": "http://…/openrosa", "headers": {…}, "form": "client",
 * "answers": {"/data/person/age": "30_49", "/data/reasons": ["a", "b"]}, "sends": 2}. One goes out:
 * {"statuses": [201, 201], "xml": "<data …"}.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { JSDOM } from 'jsdom';

// The engine wants the DOM of a browser, and its parser of expressions a CommonJS module's names.
const { window } = new JSDOM('', { url: 'http://localhost/' });
const given = Object.getOwnPropertyNames(window).filter((name) => !(name in globalThis));
for (const name of given) globalThis[name] = window[name];
Object.assign(globalThis, { window, __dirname: '.', require: createRequire(import.meta.url) });
const { loadForm } = await import('@getodk/xforms-engine');

const { server, headers, form: formId, answers, sends } = JSON.parse(readFileSync(0, 'utf8'));

async function get(address) {
  const answer = await fetch(address, { headers });
  if (!answer.ok) throw new Error(`${answer.status} for ${address}`);
  return answer.text();
}

function* nodesOf(node) {
  for (const child of node.currentState.children ?? []) {
    yield child;
    yield* nodesOf(child);
  }
}

function answer(node, value) {
  if (node.nodeType === 'select') node.selectValues([value].flat());
  else if (node.nodeType === 'input') node.setValue(value);
  else throw new Error(`no way to answer a ${node.nodeType}`);
}

const list = new window.DOMParser().parseFromString(await get(`${server}/formList`), 'text/xml');
const entry = [...list.getElementsByTagName('xform')].find(
  (one) => one.getElementsByTagName('formID')[0].textContent === formId,
);
const loaded = await loadForm(await get(entry.getElementsByTagName('downloadUrl')[0].textContent));
if (loaded.status === 'failure') throw new Error(String(loaded.error?.message ?? loaded.status));
const { root } = loaded.createInstance();
const nodes = new Map([...nodesOf(root)].map((node) => [node.currentState.reference, node]));
for (const [path, value] of Object.entries(answers)) answer(nodes.get(path), value);
const { status, data } = await root.prepareInstancePayload({ payloadType: 'monolithic' });
if (status !== 'ready') throw new Error(status);

const statuses = [];
const record = await data[0].get('xml_submission_file').text();
for (let count = 0; count < sends; count += 1) {
  const body = new FormData();
  body.append('xml_submission_file', new Blob([record], { type: 'text/xml' }), 'xml_submission_file');
  statuses.push((await fetch(`${server}/submission`, { method: 'POST', headers, body })).status);
}
console.log(JSON.stringify({ statuses, xml: record }));
process.exit(0); // a window keeps Node waiting
