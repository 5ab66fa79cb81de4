import { z } from 'zod';
import { bit, id, time, warningsSchema } from './reply-fields.ts';

/**
 * What Waymark reads of each web-service function, as Moodle 4.5 sends it. Whatever is not named here is dropped as it
 * arrives: essay texts, forum messages, marks, feedback, countries, pictures.
 */

/** Errors come with status 200. */
export const exceptionSchema = z.object({ exception: z.string(), errorcode: z.string() });

export const siteInfoSchema = z.object({
  sitename: z.string().optional(),
  siteurl: z.string(),
  userid: id,
  release: z.string().optional(),
  userissiteadmin: bit.optional(),
  functions: z.array(z.object({ name: z.string() })).transform((all) => all.map(({ name }) => name)),
});

export const coursesSchema = z.object({
  courses: z.array(
    z.object({
      id,
      fullname: z.string(),
      shortname: z.string().optional(),
      idnumber: z.string().optional(),
      startdate: time,
      enddate: time,
      format: z.string().optional(),
    }),
  ),
});

export const enrolledUsersSchema = z.array(
  z.object({
    id,
    username: z.string().optional(),
    email: z.string().optional(),
    idnumber: z.string().optional(),
    fullname: z.string().optional(),
    firstname: z.string().optional(),
    lastname: z.string().optional(),
    /** Undefined where the site hides access times; null stands for "never" here. */
    lastcourseaccess: z
      .number()
      .int()
      .optional()
      .transform((seconds) => (seconds === undefined ? undefined : seconds === 0 ? null : seconds * 1000)),
    groups: z.array(z.object({ id, name: z.string() })).default([]),
    roles: z.array(z.object({ shortname: z.string() })).default([]),
  }),
);
export type MoodleUser = z.output<typeof enrolledUsersSchema>[number];

export const contentsSchema = z.array(
  z.object({
    section: z.number().int().optional(),
    visible: bit.optional(),
    modules: z.array(
      z.object({
        id,
        instance: id.optional(),
        name: z.string(),
        modname: z.string(),
        url: z.string().optional(),
        visible: bit.default(true),
        completion: z.number().int().default(0),
        /** Access restrictions; null where there are none, absent where the service user may not see them. */
        availability: z.string().nullish(),
        dates: z
          .array(z.object({ dataid: z.string().optional(), timestamp: z.number().int() }))
          .nullish()
          .transform((dates) => dates ?? []),
      }),
    ),
  }),
);
export type MoodleModule = z.output<typeof contentsSchema>[number]['modules'][number];

export const completionSchema = z.object({
  statuses: z.array(
    z.object({
      cmid: id,
      modname: z.string().optional(),
      /** 0 incomplete, 1 complete, 2 complete and passed, 3 complete and failed. */
      state: z.number().int(),
      timecompleted: time,
      tracking: z.number().int(),
      /** The member of staff who set it by hand. */
      overrideby: id.nullish(),
      details: z.array(z.object({ rulename: z.string() })).default([]),
    }),
  ),
});

export const forumsSchema = z.array(
  z.object({ id, cmid: id, type: z.string(), numdiscussions: z.number().int().nullish() }),
);

export const discussionsSchema = z.object({
  discussions: z.array(z.object({ discussion: id, timemodified: time })),
});

export const postsSchema = z.object({
  posts: z.array(
    z.object({
      id,
      author: z.object({ id: id.nullish() }),
      timecreated: time,
      isdeleted: bit.optional(),
    }),
  ),
});

/** Everybody's grade items: dates only. */
export const gradeItemsSchema = {
  name: 'usergrades',
  element: z.object({
    userid: id,
    gradeitems: z.array(z.object({ id: id.nullish(), cmid: id.nullish(), gradedatesubmitted: time })),
  }),
  rest: z.object({}),
};

/** The grade book's own list of what is graded, whoever may see it; no names are read. */
export const gradeBookSchema = z.object({ gradeItems: z.array(z.object({ id: z.coerce.number() })) });

export const calendarSchema = z.object({
  events: z.array(
    z.object({
      modulename: z.string().nullish(),
      instance: id.nullish(),
      groupid: id.nullish(),
      eventtype: z.string(),
      timestart: time,
    }),
  ),
  warnings: warningsSchema,
});

export const updatesSchema = z.object({
  instances: z.array(
    z.object({
      contextlevel: z.string(),
      id,
      updates: z.array(z.object({ name: z.string(), itemids: z.array(id).optional() })),
    }),
  ),
});
