/** The practice VLE's look: plain, and unlike the tool's own, so that one sees where the frame begins. */
export const STYLE = `
body { margin: 0; font-family: Georgia, 'Times New Roman', serif; color: #222; background: #faf8f4; line-height: 1.5; }
header { display: flex; justify-content: space-between; gap: 1rem; padding: 0.75rem 1.5rem; background: #4a2545; color: #fff; }
header a { color: #fff; font-weight: bold; text-decoration: none; }
main { max-width: 76rem; margin: 0 auto; padding: 1rem 1.5rem 3rem; }
a { color: #6a2a62; }
small { color: #595959; }
ul.many { columns: 16rem; }
iframe { width: 100%; height: 56rem; border: 1px solid #b9aeb7; background: #fff; }
`;
