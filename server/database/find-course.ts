import { InvalidInput } from '../errors.ts';
import { isId } from './connect.ts';
import { CourseModel } from './models/course.ts';

/**
 * The id of the course that somebody names at the command line: by its code, its id on the platform, or its id here. Throws
 * InvalidInput where there is none, or more than one.
 */
export async function findCourseByName(name: string): Promise<string> {
  const named = [{ label: name }, { contextId: name }, { sourcedId: name }, ...(isId(name) ? [{ _id: name }] : [])];
  const [course, another] = await CourseModel.find({ $or: named }, { _id: 1 }).limit(2).lean();
  if (!course) throw new InvalidInput({}, `Waymark knows no course called ${name}.`);
  if (another) throw new InvalidInput({}, `Several courses are called ${name}; use the id of one.`);
  return course._id.toHexString();
}
