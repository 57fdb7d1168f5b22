"""Who is part of a business: members, and invitations to become one."""
