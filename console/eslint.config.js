import hooks from "eslint-plugin-react-hooks";
import typescript from "typescript-eslint";

export default typescript.config(...typescript.configs.strict, {
  plugins: { "react-hooks": hooks },
  rules: {
    ...hooks.configs.recommended.rules,
    // An answer without a body is a Promise of nothing.
    "@typescript-eslint/no-invalid-void-type": ["error", { allowInGenericTypeArguments: true }],
  },
});
