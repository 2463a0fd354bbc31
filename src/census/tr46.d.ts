/** The part of tr46 (UTS 46, Unicode IDNA Compatibility Processing) that is used here; the package has no types. */
declare module 'tr46' {
  interface ToAsciiOptions {
    readonly checkBidi?: boolean;
    readonly checkHyphens?: boolean;
    readonly checkJoiners?: boolean;
    readonly useSTD3ASCIIRules?: boolean;
    readonly verifyDNSLength?: boolean;
    readonly transitionalProcessing?: boolean;
    readonly ignoreInvalidPunycode?: boolean;
  }
  /** Null where the name cannot be turned. */
  export function toASCII(domainName: string, options?: ToAsciiOptions): string | null;
}
