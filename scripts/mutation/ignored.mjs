// Code of which no packet and no printed rule can tell: its faults are left out, with the reason.

/** Functions that build what a person is told; the object that they are given is its parameters. */
const TELLERS = new Set([
  ...['BadValue', 'unsure', 'chance', 'report', 'add', 'warn', 'error', 'problem', 'fail', 'assume'],
]);

/** Functions and properties that are words to a person. */
const WORDS = new Set([
  ...['explain', 'explainHeader', 'missing', 'kernel', 'describe', 'shown', 'endpoint'],
  ...['distance', 'printPort', 'printAddress', 'printMark'],
]);

const nameOf = ({ node }) => node.key?.name ?? node.id?.name ?? null;

const calleeOf = ({ callee }) => callee?.name ?? callee?.property?.name ?? null;

/** Reasons by what the code is for; `undefined` leaves the code to the mutators. */
export const ignorers = [
  {
    shouldIgnore(path) {
      if (
        (path.isObjectProperty() ||
          path.isObjectMethod() ||
          path.isFunctionDeclaration() ||
          path.isVariableDeclarator() ||
          path.isClassMethod()) &&
        WORDS.has(nameOf(path))
      )
        return 'words: the reason that a person is given';
      if (path.isObjectProperty() && nameOf(path) === 'params') return 'words: parameters of a message';
      if (
        path.isObjectExpression() &&
        (path.parentPath.isCallExpression() || path.parentPath.isNewExpression()) &&
        TELLERS.has(calleeOf(path.parentPath.node))
      )
        return 'words: parameters of a message';
      return undefined;
    },
  },
];
