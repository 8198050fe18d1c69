import { Icon } from "../common/icons.tsx";

export const PreviousIcon = () => (
  <Icon>
    <path d="m14.5 6-6 6 6 6" />
  </Icon>
);

export const NextIcon = () => (
  <Icon>
    <path d="m9.5 6 6 6-6 6" />
  </Icon>
);

export const EditIcon = () => (
  <Icon>
    <path d="M4.5 19.5 6 14.8 15.9 4.9a1.8 1.8 0 0 1 2.6 0l.6.6a1.8 1.8 0 0 1 0 2.6L9.2 18zM14 7l3 3" />
  </Icon>
);
