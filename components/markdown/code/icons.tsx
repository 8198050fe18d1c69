import { Icon } from "../../common/icons.tsx";

/** Lines that go on below. */
export const WrapIcon = () => (
  <Icon>
    <path d="M4 6h16M4 12h13.5a3 3 0 0 1 0 6H12M14.5 15.5 12 18l2.5 2.5M4 18h4" />
  </Icon>
);
