/** What `tlsa generate` and `tlsa plan` make records of: certificates or keys, from files. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { domainToASCII } from 'node:url';
import { UsageError } from '../base/usage-error.ts';
import { type Certificate, parseCertificate } from '../pki/certificate.ts';
import { readPemCertificates } from '../pki/pem.ts';
import { readPemKey } from '../pki/pem-key.ts';

/** A chain has at least one certificate, leaf first; a key is a SubjectPublicKeyInfo in DER. */
export type Material =
  | { readonly from: string; readonly kind: 'chain'; readonly chain: readonly Certificate[] }
  | { readonly from: string; readonly kind: 'key'; readonly spki: Uint8Array };

/** `-` is standard input. A file that holds certificates and a key is read for its certificates. Throws UsageError. */
export async function readMaterial(option: string, file: string): Promise<Material> {
  const pem = await readText(option, file);
  const blocks = readPemCertificates(pem);
  if ('unreadable' in blocks) {
    throw new UsageError(option, file, `PEM, but its certificate ${blocks.unreadable} cannot be read`);
  }
  if (blocks.length > 0) return { from: file, kind: 'chain', chain: parseAll(option, file, blocks) };
  const spki = readPemKey(pem);
  switch (spki) {
    case 'encrypted':
      throw new UsageError(
        option,
        file,
        'a key without a passphrase',
        'give its public half: openssl pkey -in KEY -pubout',
      );
    case 'unreadable':
      throw new UsageError(option, file, 'a key that can be read', 'see whether the file is whole');
    case 'none':
      throw new UsageError(
        option,
        file,
        'a certificate, a public or a private key in PEM',
        'convert DER with openssl x509 -inform DER, or openssl pkey -inform DER',
      );
    default:
      return { from: file, kind: 'key', spki };
  }
}

function parseAll(option: string, file: string, blocks: readonly Uint8Array[]): readonly Certificate[] {
  return blocks.map((der, i) => {
    const certificate = parseCertificate(der);
    if (certificate === undefined) {
      throw new UsageError(option, file, `certificates, but number ${i + 1} is none that can be read`);
    }
    return certificate;
  });
}

async function readText(option: string, file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  try {
    return await readFile(file, 'latin1');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new UsageError(option, file, `a file that can be read (${code})`);
  }
}

/** A host name as A-labels without a final dot. Throws UsageError. */
export function hostArgument(option: string, name: string): string {
  const ascii = /^[\x21-\x7e]+$/.test(name) ? name.toLowerCase() : domainToASCII(name);
  const bare = ascii.replace(/\.$/, '');
  if (!/^(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/.test(bare)) {
    throw new UsageError(option, name, 'a host name', 'for example mx.example.net');
  }
  return bare;
}
