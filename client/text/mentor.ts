/** The one page of a mentor, en-GB. */
export const mentor = {
  title: 'Waymark is for students and those who teach them',
  whatItIs:
    'Students see their own engagement here, and the staff of a {course} see who may welcome a conversation. Your VLE says that you are here as a mentor.',
  nothing:
    'Waymark shows mentors nothing about anybody, including those whom they support. Of you it keeps what your VLE has sent: your name, your e-mail address and your role.',
  whatThen:
    'If you support a student, ask them whether they would like to look at their page with you. They can also download everything that Waymark holds about them, and decide whom they show it to.',
  wrong: 'If you teach this {course}, ask your VLE team to give you a teaching role in it, then open Waymark again.',
} as const;
