/**
 * The frame in which a platform keeps a tool's data for it (LTI platform storage): a tool without cookies puts its state there
 * before the launch and reads it back after. What one origin puts, no other can read.
 */
export const STORAGE_FRAME = `<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Storage</title></head><body><script>
const kept = new Map();
const known = ['lti.capabilities', 'lti.put_data', 'lti.get_data'];
addEventListener('message', ({ data, origin, source }) => {
  if (!data || !known.includes(data.subject)) return;
  const key = JSON.stringify([origin, data.key]);
  const answer = { subject: data.subject + '.response', message_id: data.message_id };
  if (data.subject === 'lti.capabilities') {
    answer.supported_messages = known.map((subject) => ({ subject, frame: 'lti_storage' }));
  } else {
    answer.key = data.key;
    if (data.subject === 'lti.put_data') kept.set(key, String(data.value));
    answer.value = kept.get(key) ?? null;
  }
  source.postMessage(answer, origin);
});
</script></body></html>`;
