export interface Person {
  id: number;
  username: string;
  givenName: string;
  familyName: string;
  email: string;
  idNumber: string;
}

const GIVEN_NAMES = (
  'Amara Ben Chidi Daria Elif Farah Grace Hamza Ines Jonah Kezia Liam Mina Noor Olga Pavel Quinn Rosa Samir Tara Umar Vera Wei Xenia ' +
  'Yusuf Zofia Aled Bronwen Callum Deepa Ewan Fatima Gareth Huda Isla Jamal Kirsty Lucia Malik Nadia Owen Priti Rhys Sana Theo Uma Viktor'
).split(' ');

const FAMILY_NAMES = (
  'Abara Birch Castellan Dhillon Eastwood Farrow Gadsby Hallam Ibarra Jessop Kovan Larkspur Mahmud Northgate Okafor Penrose Quill ' +
  'Rahimi Sandhu Thackeray Underhill Varley Westbrook Xiang Yardley Zaman Ashby Boateng Corrigan Demir Ellery Fenwick Greaves Holm ' +
  'Iqbal Jolly Kaur Lockwood Mbeki Nowak Osei Pritchard Qureshi Rowntree Szabo Tindall Usher Vickers Wrenfield Yilmaz Zeller Adair Brook'
).split(' ');

const pick = (names: string[], index: number) => names[index % names.length] ?? '';

/** An invented person for a user number: always the same name for the same number, nobody real. */
export function inventPerson(id: number): Person {
  // 47 given and 53 family names share no factor, so neighbours in number look unlike and repeats are far apart.
  return named(id, pick(GIVEN_NAMES, id * 5 + 3), pick(FAMILY_NAMES, id * 11 + Math.floor(id / 47)));
}

/** A person with a given name; used for the few who stand out: staff and the administrator. */
export function named(id: number, givenName: string, familyName: string): Person {
  const username = `${givenName[0] ?? ''}${familyName}${id}`.toLowerCase();
  return {
    id,
    username,
    givenName,
    familyName,
    email: `${username}@example.invalid`,
    idNumber: `26${String(id).padStart(7, '0')}`,
  };
}

export const fullName = (person: Person) => `${person.givenName} ${person.familyName}`;
