"""The parts of the targets in TypeScript: types as Node.js's drivers give them, and text as prettier lays it out."""
