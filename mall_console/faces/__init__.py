"""What a mall looks like to its members: colours, slogan, and the pictures of mall, campaigns and stores."""
