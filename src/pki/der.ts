/**
 * A bounds-checked walk over DER (X.690 §8.1, §10): where an element begins and ends, without decoding what is in it.
 *
 * In: octets from the network. Out: views into them, never copies; undefined where they are not well formed.
 * It exists because a certificate with thousands of names costs a full decoder hundreds of milliseconds, and because
 * digests are taken over octets as they were sent. It does not insist on the shortest length form, as OpenSSL does not;
 * indefinite lengths and tags of several octets do not occur in certificates and are refused.
 */

export const DerTag = {
  boolean: 0x01,
  integer: 0x02,
  octetString: 0x04,
  objectIdentifier: 0x06,
  sequence: 0x30,
} as const;

export interface DerElement {
  readonly tag: number;
  readonly contents: Uint8Array;
  /** Tag, length and contents. */
  readonly whole: Uint8Array;
}

/** The element that fills `octets` to the last one. */
export function readDer(octets: Uint8Array): DerElement | undefined {
  const element = readElementAt(octets, 0);
  return element?.whole.length === octets.length ? element : undefined;
}

/** The elements that fill `octets` one after the other: what is inside of a SEQUENCE or SET. */
export function readDerSeries(octets: Uint8Array): readonly DerElement[] | undefined {
  const elements: DerElement[] = [];
  for (let offset = 0; offset < octets.length; ) {
    const element = readElementAt(octets, offset);
    if (element === undefined) return undefined;
    elements.push(element);
    offset += element.whole.length;
  }
  return elements;
}

function readElementAt(octets: Uint8Array, offset: number): DerElement | undefined {
  const tag = octets[offset];
  const first = octets[offset + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;

  let length = first;
  let start = offset + 2;
  if (first >= 0x80) {
    const lengthOctets = first & 0x7f;
    if (lengthOctets === 0 || lengthOctets > 4) return undefined;
    length = 0;
    for (let i = 0; i < lengthOctets; i++) {
      const octet = octets[start++];
      if (octet === undefined) return undefined;
      length = length * 256 + octet;
    }
  }
  const end = start + length;
  if (end > octets.length) return undefined;
  return { tag, contents: octets.subarray(start, end), whole: octets.subarray(offset, end) };
}

/** The contents of an OBJECT IDENTIFIER as dotted numbers (X.690 §8.19). */
export function readObjectIdentifier(contents: Uint8Array): string | undefined {
  const arcs: number[] = [];
  let arc = 0;
  for (const [index, octet] of contents.entries()) {
    arc = arc * 128 + (octet & 0x7f);
    if (!Number.isSafeInteger(arc)) return undefined;
    if (octet >= 0x80) {
      if (index === contents.length - 1) return undefined;
      continue;
    }
    if (arcs.length === 0) {
      const root = Math.min(2, Math.floor(arc / 40));
      arcs.push(root, arc - root * 40);
    } else {
      arcs.push(arc);
    }
    arc = 0;
  }
  return arcs.length === 0 ? undefined : arcs.join('.');
}
