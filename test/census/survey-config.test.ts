import { expect, test } from 'vitest';
import { createLookup } from '../../src/census/stack.ts';
import { configOfThread, surveyConfigOf } from '../../src/census/survey-config.ts';

/** As version 0.1.0 kept it before there were forwarders and behaviours of resolvers to choose. */
const early = {
  rootHints: null,
  trustAnchors: null,
  now: 1_750_000_000,
  minimisation: 'relaxed',
  timeoutMs: 2000,
  dnsPort: 53,
  smtpPort: 25,
  smtpTimeoutMs: 30_000,
  addressMap: null,
  allowPrivate: false,
  ehloName: 'census.example',
  queriesPerSecond: 100,
  domainsInFlight: 400,
  hostsInFlight: 100,
  probesInFlight: 100,
};

test('a census that an earlier version began can be resumed', () => {
  const { lookup, close } = createLookup(surveyConfigOf(early));
  expect(lookup.asksForwarders).toBe(false);
  close();
});

test('what was chosen stays', () => {
  expect(surveyConfigOf({ ...early, forwarders: ['192.0.2.1'], aggressiveNsec: true })).toMatchObject({
    forwarders: ['192.0.2.1'],
    aggressiveNsec: true,
    hardenBelowNxdomain: false,
    timeoutMs: 2000,
  });
});

test('a census that an earlier version began is bound to manners too', () => {
  expect(surveyConfigOf(early)).toMatchObject({ sessions: 200, sessionsPerProvider: 10 });
});

test.each([
  [200, 2, 100],
  [200, 3, 66],
  [4, 4, 1],
])(
  '%i sessions of a node with %i threads are %i in each: never more altogether',
  (sessions, threads, each) => {
    expect(configOfThread(surveyConfigOf({ ...early, sessions }), threads).sessions).toBe(each);
  },
);

test('fewer sessions than threads are refused', () => {
  expect(() => configOfThread(surveyConfigOf({ ...early, sessions: 3 }), 4)).toThrow('--sessions');
});
