-- The only reader of the tags of domains.

CREATE VIEW dane.domain_tag AS
SELECT d.census_id, d.ordinal, t.key AS tag, t.value
  FROM dane.domain d
  JOIN (SELECT s.tag_set, e.key, e.value FROM dane.tag_set s CROSS JOIN LATERAL jsonb_each_text(s.tags) e) t
    ON t.tag_set = d.tag_set;
COMMENT ON VIEW dane.domain_tag IS 'One row per domain and tag that its list gives it.';
