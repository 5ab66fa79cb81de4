import { z } from 'zod';
import type { MoodleUser } from './replies.ts';

/** Whether an activity is asked of a student, as far as its access restrictions tell. */
export type Asked = 'yes' | 'no' | 'unknown';

const conditionSchema = z.object({
  type: z.string(),
  /** Of a group; absent: any. */
  id: z.number().int().optional(),
  /** Which side of a date. */
  d: z.string().optional(),
  t: z.number().optional(),
  /** Completion of another activity: 1 complete, 2 passed; others are for those who have not. */
  e: z.number().optional(),
});
type Condition = z.output<typeof conditionSchema>;
interface Tree {
  readonly op: '&' | '|' | '!&' | '!|';
  readonly c: readonly (Tree | Condition)[];
}
const treeSchema: z.ZodType<Tree> = z.lazy(() =>
  z.object({ op: z.enum(['&', '|', '!&', '!|']), c: z.array(z.union([treeSchema, conditionSchema])) }),
);

interface Whose {
  readonly user: Pick<MoodleUser, 'groups'>;
  /** Moodle's own list of those whom the activity is asked of names the student: groups and the like are settled. */
  readonly isListed?: boolean;
  readonly now: number;
}

/**
 * Reads an activity's restrictions, as `core_course_get_contents` gives them, for one student. What students bring about
 * themselves (completing another activity first) does not make an activity less asked of them; what the services do not
 * tell (groupings, profiles, marks) is unknown.
 */
export function isAskedOf(availability: string, whose: Whose): Asked {
  const tree = treeSchema.safeParse(parse(availability));
  return tree.success ? evaluate(tree.data, whose, false) : 'unknown';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function evaluate(node: Tree | Condition, whose: Whose, isNot: boolean): Asked {
  if (!('op' in node)) return evaluateCondition(node, whose, isNot);
  const isInside = node.op.startsWith('!') !== isNot;
  const all = node.c.map((child) => evaluate(child, whose, isInside));
  if (all.length === 0) return 'yes';
  // Of a tree turned round, one that holds is enough where all had to, and the other way about.
  const needsAll = node.op.endsWith('&') !== isInside;
  const [settles, otherwise] = needsAll ? (['no', 'yes'] as const) : (['yes', 'no'] as const);
  return all.includes(settles) ? settles : all.includes('unknown') ? 'unknown' : otherwise;
}

function evaluateCondition({ type, id, d, t, e }: Condition, whose: Whose, isNot: boolean): Asked {
  switch (type) {
    case 'date': {
      if (d === undefined || t === undefined) return 'unknown';
      const isFromThen = (d === '>=') !== isNot;
      // What is closed by now was asked before.
      return !isFromThen || whose.now >= t * 1000 ? 'yes' : 'no';
    }
    case 'group': {
      if (whose.isListed) return 'yes';
      const isMember = id === undefined ? whose.user.groups.length > 0 : whose.user.groups.some((own) => own.id === id);
      return isMember !== isNot ? 'yes' : 'no';
    }
    case 'grouping':
    case 'profile':
      return whose.isListed ? 'yes' : 'unknown';
    case 'completion':
      return (e === 1 || e === 2) && !isNot ? 'yes' : 'unknown';
    default:
      return 'unknown';
  }
}
