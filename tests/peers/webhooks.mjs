// A receiver of webhooks for the tests: it verifies each post with the Standard Webhooks library, keeps a
// ledger, and misbehaves where it is told to.
//
// Started by crates/testkit/src/webhooks.rs with one JSON argument. It prints one JSON line when it
// listens, writes each request as a JSON line to the ledger (synced before it answers), takes one
// command per line of its standard input and prints one line when that is done, and ends when its
// standard input is closed, so that it never outlives the test.

import { fsyncSync, openSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Webhook } from 'standardwebhooks';

const options = JSON.parse(process.argv[2]);
const ledger = openSync(join(options.dir, 'posts.jsonl'), 'a');
const rules = [];
let secrets = [];
let connections = 0;

// The library compares the post's time with this clock; tests move theirs, and so this one.
const started = Date.now();
let now = started;
Date.now = () => now;
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length ? given : [now]));
  }
};

// Which of the secrets the post is signed with, by the library's word.
function verified(body, headers) {
  return secrets.map((secret) => {
    try {
      new Webhook(secret).verify(body, headers);
      return 'yes';
    } catch (error) {
      return error.message;
    }
  });
}

function rule(path) {
  const found = rules.find((one) => one.times !== 0 && (!one.path || one.path === path));
  if (found?.times) found.times -= 1;
  return found ?? { what: 'status', status: 204 };
}

function obey({ what, status, headers, body, ms }, response) {
  if (what === 'hang') return;
  if (what === 'reset') return response.socket.resetAndDestroy();
  if (what === 'close') return response.socket.end();
  const answer = () => {
    response.writeHead(status ?? 200, headers ?? {});
    if (what === 'stall') return response.write(body ?? 'half');
    if (what === 'endless') {
      const pour = () => { while (response.write('x'.repeat(65536))); response.once('drain', pour); };
      return pour();
    }
    response.end(body ?? '');
  };
  if (ms) setTimeout(answer, ms);
  else answer();
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('error', () => {});
  response.on('error', () => {});
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString();
    const { method, url: path, headers } = request;
    const line = { method, path, headers, body, verified: verified(body, headers) };
    writeSync(ledger, `${JSON.stringify(line)}\n`);
    fsyncSync(ledger);
    obey(rule(path), response);
  });
});
server.on('connection', () => { connections += 1; });
server.listen(options.port, options.host, () => {
  console.log(JSON.stringify({ port: server.address().port }));
});

const commands = {
  secrets: ({ secrets: given }) => { secrets = given; },
  now: ({ ms }) => { now = ms; },
  rule: ({ do: _, ...given }) => { rules.unshift(given); },
  behave: () => { rules.length = 0; },
  connections: () => ({ connections }),
};
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const command = JSON.parse(line);
    console.log(JSON.stringify(commands[command.do](command) ?? {}));
  })
  .on('close', () => process.exit(0));
