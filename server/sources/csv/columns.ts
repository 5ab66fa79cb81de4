import { importFields, type ColumnMapping, type ImportField, type ImportKind } from '../../contracts/imports.ts';

/** Which fields each kind of file needs, and which it may have. A person is named by one of three columns. */
export const fieldsOfKind: Readonly<
  Record<ImportKind, { needs: readonly ImportField[]; may: readonly ImportField[] }>
> = {
  attendance: { needs: ['at', 'status'], may: ['session', 'course'] },
  'lecture-capture': { needs: ['at', 'session'], may: ['course'] },
  meeting: { needs: ['at'], may: ['session', 'course'] },
  'co-curricular': { needs: ['at'], may: ['session', 'course'] },
};

export const personFields = ['studentId', 'email', 'username'] as const;

/** What columns are called in exports that we know of; compared without case, spaces and punctuation. */
const known: Readonly<Record<ImportField, readonly string[]>> = {
  studentId: ['studentid', 'studentnumber', 'idnumber', 'studentno', 'id', 'sisid', 'sourcedid', 'usersisid'],
  email: ['email', 'emailaddress', 'useremail', 'universityemail', 'mail'],
  username: ['username', 'user', 'login', 'userid', 'account'],
  at: ['date', 'datetime', 'time', 'starttime', 'start', 'sessiondate', 'timestamp', 'when', 'viewdate', 'eventdate'],
  session: [
    'session',
    'sessionid',
    'event',
    'eventid',
    'activity',
    'title',
    'recording',
    'sessionname',
    'video',
    'name',
  ],
  status: ['status', 'attendance', 'attended', 'present', 'mark', 'result', 'code'],
  course: ['course', 'coursecode', 'module', 'modulecode', 'unit', 'courseid'],
};

/** A first guess at which column holds what, by their names. */
export function guessColumns(columns: readonly string[], kind: ImportKind): ColumnMapping {
  const names = columns.map((name) => name.toLowerCase().replace(/[^a-z0-9]/g, ''));
  const { needs, may } = fieldsOfKind[kind];
  const wanted = new Set<ImportField>([...personFields, ...needs, ...may]);
  const mapping: ColumnMapping = {};
  const taken = new Set<number>();
  for (const field of importFields) {
    if (!wanted.has(field)) continue;
    for (const name of known[field]) {
      const index = names.findIndex((candidate, position) => candidate === name && !taken.has(position));
      if (index < 0) continue;
      mapping[field] = columns[index]!;
      taken.add(index);
      break;
    }
  }
  return mapping;
}
