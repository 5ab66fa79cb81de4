import { defaultRuleset } from '../../domain/rules.ts';
import type { PolicyPackInput } from '../schema.ts';

/** What the shipped packs have in common; each of them may replace any part. Our own words throughout. */

export const commonRules: PolicyPackInput['rules'] = [...defaultRuleset().rules];

export const commonChannels: PolicyPackInput['channels'] = [
  { id: 'university-email', label: 'University e-mail', isAttempt: true },
  { id: 'personal-email', label: 'Personal e-mail', isAttempt: true },
  { id: 'phone', label: 'Phone call', isAttempt: true },
  { id: 'meeting', label: 'Meeting in person', isAttempt: true },
  { id: 'online-meeting', label: 'Meeting online', isAttempt: true },
  { id: 'vle-message', label: 'Message in {platform}', isAttempt: true },
  { id: 'in-class', label: 'A word in class', isAttempt: true },
];

export const commonPrompts: PolicyPackInput['reflectionPrompts'] = [
  'What went well this week, and what helped?',
  'Which idea from this week would you like to understand better?',
  'What is one small step for next week, and when will you take it?',
  'Who could you talk to about what you are working on?',
  'What got in the way this week, and what might make it easier?',
  'Looking at your goal: is it still the right one for you?',
];

export const commonCrisis: PolicyPackInput['routes']['crisis'] = {
  intro:
    'If you or somebody else is in danger now, call 999. If things feel too much, you do not have to wait for anybody here: these people listen day and night. That holds when it is a friend you worry about, too.',
  forStaff:
    'If what you read or hear makes you worry about somebody’s safety now, call 999, then tell your {school}’s safeguarding contact. It is not yours to carry alone, and not something to settle by a note or a message.',
  contacts: [
    { name: 'Emergency services', description: 'When somebody is in danger now.', phone: '999' },
    {
      name: 'NHS 111',
      description: 'Urgent help with health, the mind included. Choose the option for mental health.',
      phone: '111',
      url: 'https://111.nhs.uk/',
    },
    {
      name: 'Samaritans',
      description: 'Somebody to talk to about anything, at any hour, free of charge.',
      phone: '116 123',
      url: 'https://www.samaritans.org/',
    },
  ],
};

export const commonConfidentiality =
  'What you write here can be read by the student it is about and by the staff who support them in this {course}. Write what was agreed, not more than is needed, and nothing about health or family that the student has not asked you to note. When somebody’s safety is in question, safety comes before confidentiality: tell the safeguarding contact of your {school}, and tell the student that you do.';

export const commonRoleLimits =
  'Your part is to notice, to listen and to point to people who can help. You are not asked to be a counsellor or to solve everything. When a conversation goes beyond your part, say so kindly and refer.';

export const commonColleagueDiscussion =
  'Before anybody makes contact, talk it over with a colleague who knows the student or the {course}: what do we see, what might explain it, is contact right, and who is best placed? “No {action}, because …” is a full answer.';

export const commonServices: PolicyPackInput['services'] = [
  {
    id: 'student-support',
    name: 'Student support in your {school}',
    description: 'The first people to ask about anything that gets in the way of studying.',
    fits: [],
  },
  {
    id: 'academic-skills',
    name: 'Academic skills',
    description: 'Help to plan your time, to read and write, and to get ready for exams. In groups or one to one.',
    fits: ['submissions', 'lead-time', 'regularity', 'completion'],
  },
  {
    id: 'wellbeing',
    name: 'Wellbeing and counselling',
    description: 'A confidential place to talk when things are heavy.',
    fits: ['recency', 'own-trend', 'attendance'],
  },
  {
    id: 'disability',
    name: 'Disability and dyslexia support',
    description: 'Adjustments and ways of working that suit you, whether or not you have a diagnosis.',
    fits: ['submissions', 'completion'],
  },
  {
    id: 'money',
    name: 'Money and housing advice',
    description: 'When work, rent or bills leave too little room for studying.',
    fits: ['recency', 'attendance', 'own-trend'],
  },
  {
    id: 'library',
    name: 'Library',
    description: 'Finding what you need to read, and a quiet place to do it.',
    fits: ['coverage', 'completion'],
  },
  {
    id: 'careers',
    name: 'Careers and opportunities',
    description: 'Projects, placements and what comes next.',
    fits: ['stretch'],
  },
];

export const commonMessages: PolicyPackInput['messages'] = [
  {
    id: 'checking-in',
    label: 'Checking in',
    kind: 'support',
    fits: ['recency', 'relative-activity', 'own-trend', 'attendance'],
    subject: 'How are you getting on in {courseTitle}?',
    body: `Dear {name},

I wanted to ask how you are getting on in {courseTitle}. {observation} That can have many good reasons, and our figures never show the whole picture, so I would rather ask than guess.

{nextStep} If another time or another person suits you better, just say so. And if there is anything that would make it easier to take part, I would like to hear it.

With best wishes,
{sender}`,
  },
  {
    id: 'coursework',
    label: 'Coursework that we have not seen',
    kind: 'support',
    fits: ['submissions', 'completion', 'lead-time'],
    subject: 'Your coursework in {courseTitle}',
    body: `Dear {name},

{observation} If you have handed it in another way, please tell me and I will put our record right. If something got in the way, there are usually more options than it seems, and I am happy to go through them with you.

{nextStep} You are welcome to bring whatever you have so far; half a page is a good start for a conversation.

With best wishes,
{sender}`,
  },
  {
    id: 'further-challenge',
    label: 'An offer for more',
    kind: 'stretch',
    fits: ['stretch'],
    subject: 'Something more in {courseTitle}, if you like',
    body: `Dear {name},

You have been working steadily and early in {courseTitle}, and I have enjoyed seeing it. {observation} If you would like something more to get your teeth into, I have a few ideas: further reading, a harder problem, or a conversation about projects and what comes after this {course}.

{nextStep} There is no need to, of course: it is an offer.

With best wishes,
{sender}`,
  },
  {
    id: 'following-up',
    label: 'Following up',
    kind: 'follow-up',
    fits: [],
    subject: 'Following up on our conversation',
    body: `Dear {name},

When we last talked we agreed on some next steps. I wanted to ask how they are going. {observation}

{nextStep} If something did not work out, that is useful to know: we can try another way.

With best wishes,
{sender}`,
  },
  {
    id: 'thank-you',
    label: 'Thank you',
    kind: 'thanks',
    fits: [],
    subject: 'Good to see you back in {courseTitle}',
    body: `Dear {name},

Thank you for getting back to me. {observation} It is good to have you with us.

{nextStep} My door stays open.

With best wishes,
{sender}`,
  },
];

export const commonGuidance: PolicyPackInput['guidance'] = {
  title: 'Before you look at the list',
  points: [
    'The figures count traces in {platform} and connected systems. They do not see reading, thinking, group work or life. A quiet student may be doing fine, and a busy one may need help.',
    'A flag is an invitation to look and to ask. It is no finding about a person, and nothing follows from it by itself.',
    'The first weeks carry little information: patterns begin to mean something between weeks 4 and 6.',
    'No data is not low activity. Each figure says how old it is, what it rests on and what is not known.',
    'Ask openly, listen, offer choices. The student decides what helps. Known circumstances come before figures.',
    'Notice your own expectations. Look at what the flag says, not at who it is about, and treat similar cases alike.',
    'Students see what you see and what you record. Write as you would speak to them.',
    'The figures are never used for marks or for discipline, or to decide about registration.',
  ],
  acknowledgement: 'I have read this, and I will use what I see here to support students.',
  everyDays: 365,
};

export const commonOptOutEffect =
  'Staff will no longer see you in the list that is made from figures, and nobody will contact you because of it. You keep your own view. You can still ask for support, and staff may still write to you for other reasons, for example about coursework. Your data still count in totals in which nobody can be recognised. You can change your mind at any time.';

export const commonRetention: PolicyPackInput['retention'] = {
  rawEventDays: 30,
  courseDays: 730,
  auditDays: 730,
  unmatchedDays: 30,
  noteDays: 730,
};

export const commonFitnessToStudy: PolicyPackInput['routes']['fitnessToStudy'] = {
  route: {
    name: 'Support for fitness to study',
    description:
      'Sometimes there is no reply over several weeks, and no sign of activity. Then a person in the {school} thinks over with student services whether this route is right. Nothing starts by itself.',
  },
  shownAfterDays: 21,
  attempts: 3,
  channels: 2,
};
