/** Why a line of a list names no domain. */
import type { Reason } from './reason.ts';

const hint = 'correct the line, or leave it: it enters no rate';

export const listReasons = {
  'line-not-utf8': {
    source: 'RFC 3629',
    mender: 'ours',
    says: 'the line is not UTF-8 text',
    hint: 'save the list as UTF-8',
  },
  'line-too-long': {
    source: 'own limit',
    mender: 'ours',
    says: 'the line is longer than the limit',
    hint: 'see whether the file is a list, with one domain per line',
  },
  'line-is-url': {
    source: 'RFC 3986 §3',
    mender: 'ours',
    says: 'the line holds a URL in place of a domain',
    hint: 'name the domain that mail is sent to',
  },
  'line-is-mailbox': {
    source: 'RFC 5321 §2.3.11',
    mender: 'ours',
    says: 'the line holds a mail address in place of a domain',
    hint: 'name the part behind the @',
  },
  'line-is-address': {
    source: 'RFC 5321 §4.1.3',
    mender: 'ours',
    says: 'the line holds an IP address in place of a domain',
    hint: 'name the domain that mail is sent to',
  },
  'name-empty-label': {
    source: 'RFC 1035 §3.1',
    mender: 'ours',
    says: 'the name has an empty label, or none at all',
    hint,
  },
  'name-label-too-long': {
    source: 'RFC 1035 §2.3.4',
    mender: 'ours',
    says: 'a label of the name is longer than 63 octets',
    hint,
  },
  'name-too-long': {
    source: 'RFC 1035 §2.3.4',
    mender: 'ours',
    says: 'the name is longer than 253 characters',
    hint,
  },
  'name-not-idna': {
    source: 'UTS 46 §4, RFC 5891 §5',
    mender: 'ours',
    says: 'the name cannot be turned into A-labels',
    hint,
  },
  'name-characters': {
    source: 'RFC 1123 §2.1',
    mender: 'ours',
    says: 'the name holds characters other than letters, digits, hyphens and underscores',
    hint,
  },
  'csv-quote-open': {
    source: 'RFC 4180 §2',
    mender: 'ours',
    says: 'a quoted field is not closed, or not within the limit',
    hint: 'close the quote, or double it where it is meant',
  },
  'csv-quote-misplaced': {
    source: 'RFC 4180 §2',
    mender: 'ours',
    says: 'text stands behind the closing quote of a field',
    hint: 'double the quotes that stand inside a field',
  },
  'csv-too-many-fields': {
    source: 'RFC 4180 §2',
    mender: 'ours',
    says: 'the line has more fields than the header',
    hint: 'quote the fields that hold the separator',
  },
  'csv-tag-too-long': {
    source: 'own limit',
    mender: 'ours',
    says: 'a tag of the line is longer than the limit',
    hint: 'leave out columns that are no tags, such as remarks',
  },
  'rank-unreadable': {
    source: 'own rule',
    mender: 'ours',
    says: 'the rank is not a whole number from 1 to 2147483647',
    hint: 'correct the rank, or leave the field empty',
  },
  'weight-unreadable': {
    source: 'own rule',
    mender: 'ours',
    says: 'the weight is not a number of at least 0',
    hint: 'correct the weight, with a point and without separators, or leave the field empty',
  },
  'zone-record-unreadable': {
    source: 'RFC 1035 §5.1',
    mender: 'ours',
    says: 'the record cannot be read',
    hint: 'correct the record; its owner is looked up as usual',
  },
  'zone-record-outside': {
    source: 'RFC 1035 §5.2',
    mender: 'ours',
    says: 'the owner of the record is not within the zone of the file',
    hint: 'see whether the file holds one zone, and $ORIGIN is right',
  },
} as const satisfies Record<string, Reason>;
