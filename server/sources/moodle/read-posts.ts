import { attemptReading } from './loss.ts';
import { mapPost } from './map-activity.ts';
import { readEach, type ReadingJob } from './reading-job.ts';
import { discussionsSchema, forumsSchema, postsSchema } from './replies.ts';

/** Posts in the forums of a course: that and when somebody wrote, never what. */
export async function readPosts(job: ReadingJob): Promise<void> {
  const { client, course, courseId, since } = job;
  const forums = await attemptReading(job.losses, [], () =>
    client.call('mod_forum_get_forums_by_courses', { courseids: [courseId] }, forumsSchema),
  );
  if (forums?.length === 0 && course.modules.get('forum')) {
    const functionName = 'mod_forum_get_forums_by_courses';
    const detail = 'the service user may not read the course’s forums (mod/forum:viewdiscussion)';
    job.losses.push({
      functionName,
      trouble: 'not-permitted',
      detail,
      message: `${functionName}: ${detail}`,
      speaksOf: [],
    });
  }
  for (const forum of forums ?? []) {
    // Announcements are written by staff.
    if (forum.type === 'news' || forum.numdiscussions === 0) continue;
    if (since !== undefined && course.changes && !course.changes.get(forum.cmid)?.has('discussions')) continue;
    const listed = await attemptReading(job.losses, [], () =>
      client.call('mod_forum_get_forum_discussions', { forumid: forum.id }, discussionsSchema),
    );
    const changed = (listed?.discussions ?? []).filter(
      ({ timemodified }) => since === undefined || timemodified === undefined || timemodified >= since,
    );
    await readEach(job, changed, [], async ({ discussion }) => {
      const { posts } = await client.call('mod_forum_get_discussion_posts', { discussionid: discussion }, postsSchema);
      for (const post of posts) {
        const activity = mapPost(post, forum.cmid);
        if (activity && post.author.id) job.students.get(post.author.id)?.activities.push(activity);
      }
    });
  }
}
