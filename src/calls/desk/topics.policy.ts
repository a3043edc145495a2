/** A point of a reason, `star-promotion.rights`, is talked about only when its reason, `star-promotion`, is. What is no list of words is left to the form's check. */
export function withReasons(topics: unknown): unknown {
  if (!Array.isArray(topics)) return topics;
  const reasons = topics
    .filter((topic): topic is string => typeof topic === 'string' && topic.includes('.'))
    .map((topic) => topic.slice(0, topic.indexOf('.')));
  return [...new Set([...(topics as unknown[]), ...reasons])];
}
