-- The few kinds that reasons of failure are counted by, from their result types (RFC 8460 §4.3).

CREATE VIEW dane.failure_kind AS
SELECT reason,
       CASE WHEN reason IN ('tlsa-mismatch', 'tlsa-mismatch-one-algorithm') THEN 'mismatch'
            WHEN tlsrpt = 'starttls-not-supported' THEN 'starttls-missing'
            WHEN tlsrpt = 'certificate-expired' THEN 'ta-expired'
            WHEN tlsrpt = 'certificate-host-mismatch' THEN 'wrong-name'
            WHEN tlsrpt = 'certificate-not-trusted' THEN 'broken-chain'
            WHEN tlsrpt = 'validation-failure' THEN 'tls-failed'
            ELSE 'lookup-failed' END AS kind
  FROM dane.reason;
COMMENT ON VIEW dane.failure_kind IS 'One row per reason: the kind of failure that it is where a domain or host fails for it.';
