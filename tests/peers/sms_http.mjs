// A carrier of the Twilio-compatible REST form for the tests: it keeps a ledger, calls back with
// signatures, and misbehaves where it is told to.
//
// Started by crates/testkit/src/sms_http.rs with one JSON argument. It prints one JSON line when it
// listens, writes each request as a JSON line to the ledger (synced before it answers), takes one
// command per line of its standard input and prints one line when that is done, and ends when its
// standard input is closed, so that it never outlives the test.

import { execFileSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

// The parameters of Twilio's published OpenAPI document (twilio_api_v2010 1.0.0) for
// CreateMessage and CreateCall; `one` of each list must be there, and no others may.
const FORMS = {
  Messages: {
    prefix: 'SM',
    required: [['To'], ['From', 'MessagingServiceSid'], ['Body', 'MediaUrl', 'ContentSid']],
    allowed: 'To StatusCallback ApplicationSid MaxPrice ProvideFeedback Attempt ValidityPeriod ForceDelivery ContentRetention AddressRetention SmartEncoded PersistentAction TrafficType ShortenUrls ScheduleType SendAt SendAsMms ContentVariables RiskCheck From MessagingServiceSid Body MediaUrl ContentSid'.split(' '),
  },
  Calls: {
    prefix: 'CA',
    required: [['To'], ['From'], ['Url', 'Twiml', 'ApplicationSid']],
    allowed: 'To From Method FallbackUrl FallbackMethod StatusCallback StatusCallbackEvent StatusCallbackMethod SendDigits Timeout Record RecordingChannels RecordingStatusCallback RecordingStatusCallbackMethod SipAuthUsername SipAuthPassword MachineDetection MachineDetectionTimeout RecordingStatusCallbackEvent Trim CallerId MachineDetectionSpeechThreshold MachineDetectionSpeechEndThreshold MachineDetectionSilenceTimeout AsyncAmd AsyncAmdStatusCallback AsyncAmdStatusCallbackMethod Byoc CallReason CallToken RecordingTrack TimeLimit ClientNotificationUrl Url Twiml ApplicationSid'.split(' '),
  },
};

const options = JSON.parse(process.argv[2]);
const ledger = openSync(join(options.dir, 'requests.jsonl'), 'a');
const things = new Map();
const byKey = new Map();
const refused = new Map(Object.entries(options.refuse ?? {}));
const rules = [];

function rule() {
  const found = rules.find((one) => one.times !== 0);
  if (found?.times) found.times -= 1;
  return found ?? { what: 'accept' };
}

function json(response, status, body, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

function fault(response, status, code, message, headers) {
  json(response, status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }, headers);
}

// What it takes, once under each key where it honours keys.
function take(resource, form, key) {
  const known = options.honours_key && key ? byKey.get(key) : undefined;
  if (known) return known;
  const sid = FORMS[resource].prefix + randomBytes(16).toString('hex');
  const thing = { sid, status: 'queued', to: form.To, from: form.From, body: form.Body ?? null, error_code: null, error_message: null };
  things.set(sid, { ...thing, callback: form.StatusCallback, twiml: form.Twiml });
  if (key) byKey.set(key, thing);
  return thing;
}

function create(resource, form, key, request, response) {
  const { allowed, required } = FORMS[resource];
  const unknown = Object.keys(form).filter((name) => !allowed.includes(name));
  if (unknown.length) return fault(response, 400, 20001, `Unknown parameter ${unknown}`);
  const missing = required.find((names) => !names.some((name) => form[name]));
  if (missing) return fault(response, 400, 21604, `A '${missing}' parameter is required.`);
  if (refused.has(form.To)) {
    const code = refused.get(form.To);
    return fault(response, 400, code, `Attempt to send to ${form.To}: refused`);
  }
  const { what, status, code, value } = rule();
  if (what === 'hang') return undefined;
  if (what === 'reset') return request.socket.resetAndDestroy();
  if (what === 'status') {
    const headers = value === null ? {} : { 'retry-after': String(value) };
    return code === null ? response.writeHead(status, headers).end('<html>no JSON</html>') : fault(response, status, code, 'Told to', headers);
  }
  const thing = take(resource, form, key);
  switch (what) {
    case 'accept': return json(response, 201, thing);
    case 'slow': return setTimeout(() => json(response, 201, thing), value);
    case 'close': return request.socket.destroy();
    case 'cut':
      response.writeHead(201, { 'content-length': 1000 });
      response.write('{"sid": "SM');
      return setImmediate(() => request.socket.destroy());
    case 'stall':
      response.writeHead(201, { 'content-length': 1000 });
      return response.write('{"sid": "SM');
    case 'body': return response.writeHead(201).end(value);
    case 'endless': {
      response.writeHead(201);
      const more = () => { while (!response.destroyed && response.write(' '.repeat(65536))); };
      response.on('drain', more);
      return more();
    }
    default: throw new Error(`no such rule: ${what}`);
  }
}

function handle(request, response, bytes) {
  const url = new URL(request.url, 'http://peer');
  const form = Object.fromEntries(new URLSearchParams(bytes.toString()));
  const key = request.headers['i-twilio-idempotency-token'] ?? '';
  const expected = `Basic ${Buffer.from(`${options.account_sid}:${options.auth_token}`).toString('base64')}`;
  const isSignedIn = request.headers.authorization === expected;
  const line = { method: request.method, path: url.pathname, key, is_signed_in: isSignedIn, form, body: bytes.toString('latin1') };
  writeSync(ledger, `${JSON.stringify(line)}\n`);
  fsyncSync(ledger);
  if (!isSignedIn) return fault(response, 401, 20003, 'Authenticate');
  const account = `/2010-04-01/Accounts/${options.account_sid}`;
  if (request.method === 'GET' && url.pathname === `${account}.json`) {
    return json(response, 200, { sid: options.account_sid, status: 'active' });
  }
  const resource = Object.keys(FORMS).find((name) => url.pathname === `${account}/${name}.json`);
  if (request.method !== 'POST' || !resource) return fault(response, 404, 20404, 'Not found');
  return create(resource, form, key, request, response);
}

// Posts to us as the carrier does, signed.
async function post(url, form) {
  const sorted = Object.keys(form).sort().map((name) => name + form[name]).join('');
  const signature = createHmac('sha1', options.auth_token).update(url + sorted, 'utf8').digest('base64');
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', 'x-twilio-signature': signature },
    body: new URLSearchParams(form).toString(),
  });
  return { status: response.status, body: await response.text(), signature };
}

function thing(sid) {
  const found = things.get(sid);
  if (!found) throw new Error(`no such thing: ${sid}`);
  return found;
}

const commands = {
  rule: ({ what, status, code, value, times }) => { rules.unshift({ what, status, code, value, times }); },
  behave: () => { rules.length = 0; },
  refuse: ({ to, code }) => { refused.set(to, code); },
  // What became of a message or a call, to the address that came with it.
  status: ({ sid, status, fields }) => {
    const { callback, from, to } = thing(sid);
    const isCall = sid.startsWith('CA');
    const named = isCall ? { CallSid: sid, CallStatus: status } : { MessageSid: sid, SmsSid: sid, MessageStatus: status, SmsStatus: status };
    return post(callback, { AccountSid: options.account_sid, ApiVersion: '2010-04-01', From: from, To: to, ...named, ...fields });
  },
  // Somebody presses a key: to the address of the call's Gather.
  press: ({ sid, key }) => {
    const { twiml, from, to } = thing(sid);
    const action = twiml.match(/ action="([^"]*)"/)[1].replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    return post(action, { AccountSid: options.account_sid, CallSid: sid, CallStatus: 'in-progress', Digits: key, From: from, To: to });
  },
  // Somebody sends a text.
  inbound: ({ url, from, to, text }) => {
    const sid = `SM${randomBytes(16).toString('hex')}`;
    return post(url, { AccountSid: options.account_sid, MessageSid: sid, SmsSid: sid, SmsStatus: 'received', From: from, To: to, Body: text, NumMedia: '0', NumSegments: '1' });
  },
};

function certificate() {
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(options.dir, name));
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert,
    '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1',
    '-addext', 'basicConstraints=critical,CA:FALSE',
  ], { stdio: 'ignore' });
  return { path: cert, key: readFileSync(key), cert: readFileSync(cert) };
}

function serve(request, response) {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => handle(request, response, Buffer.concat(chunks)));
  // A client that goes away half-way is one of the tests.
  request.on('error', () => {});
}

const tls = options.is_encrypted ? certificate() : null;
const server = tls ? createSecureServer(tls, serve) : createServer(serve);
server.on('error', (error) => { console.error(String(error)); process.exit(1); });
server.listen(options.port, '127.0.0.1', () => {
  console.log(JSON.stringify({ port: server.address().port, certificate: tls?.path ?? null }));
});

let last = Promise.resolve();
const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  const command = JSON.parse(line);
  last = last.then(() => commands[command.do](command)).then((answer) => console.log(JSON.stringify(answer ?? {})));
});
input.on('close', () => process.exit(0));
